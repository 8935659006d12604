use super::columns::{ColumnSize, distribute};

fn column(least: f32, most: f32) -> ColumnSize {
    ColumnSize { least, most, ..ColumnSize::default() }
}

#[test]
fn columns_take_what_they_want_where_there_is_room() {
    assert_eq!(distribute(&[column(10.0, 40.0), column(10.0, 60.0)], None, 0.0, 200.0), [40.0, 60.0]);
}

#[test]
fn a_specified_width_is_filled() {
    let widths = distribute(&[column(10.0, 25.0), column(10.0, 75.0)], Some(200.0), 0.0, 200.0);
    assert_eq!(widths, [50.0, 150.0]);
}

#[test]
fn scarce_room_is_shared() {
    let widths = distribute(&[column(20.0, 100.0), column(20.0, 60.0)], None, 0.0, 100.0);
    assert!((widths.iter().sum::<f32>() - 100.0).abs() < 0.01);
    assert!(widths[0] > widths[1]);
}

#[test]
fn words_that_do_not_fit_leave_the_others_whole() {
    let widths = distribute(&[column(100.0, 100.0), column(300.0, 300.0)], None, 0.0, 200.0);
    assert_eq!(widths, [100.0, 100.0]);
    let widths = distribute(&[column(900.0, 900.0), column(20.0, 30.0), column(40.0, 500.0)], None, 0.0, 300.0);
    assert_eq!(widths, [135.0, 30.0, 135.0]);
}

#[test]
fn percentages_are_of_the_table() {
    let half = ColumnSize { percent: Some(0.5), ..column(5.0, 10.0) };
    assert_eq!(distribute(&[half, column(5.0, 10.0)], Some(100.0), 0.0, 200.0), [50.0, 50.0]);
}

#[test]
fn a_table_is_so_wide_that_shares_of_it_are_what_their_columns_want() {
    let fifth = ColumnSize { percent: Some(0.2), ..column(5.0, 20.0) };
    assert_eq!(distribute(&[fifth, column(5.0, 30.0), column(5.0, 10.0)], None, 0.0, 200.0), [20.0, 60.0, 20.0]);
    assert_eq!(distribute(&[fifth, column(5.0, 160.0)], None, 0.0, 400.0), [40.0, 160.0]);
    assert_eq!(distribute(&[fifth, column(5.0, 160.0)], None, 0.0, 100.0), [20.0, 80.0]);
    assert_eq!(distribute(&[column(5.0, 10.0)], None, 50.0, 100.0), [50.0]);
}
