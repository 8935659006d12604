-- The issues that were frozen before there was this store.
select series, ordinal from frozen_before;
