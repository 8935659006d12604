-- A person confirms that they want to be on a list, as long as they have not confirmed it or left since they asked.
update membership
set status = 'active', since = ?4, changed = ?4, by_file = 0, asked = null, asked_name = null, asked_language = null
where list = ?1 and subscriber = ?2 and asked = ?3;
