-- Notes that config.toml has a list again, or has it under the name that it had once.
delete from former_list where name = ?1;
