-- What one schema needs to work on one machine and on many (data-rules): everything here does nothing where the citus
-- extension is absent, and what the name says where it is present.

-- The bucket of a customer, 0..1023: the last ten bits of the id. vocabulary/bucket.ts computes the same; a test compares.
create function loopline.bucket(id uuid) returns smallint
  language sql immutable strict parallel safe
  return (((get_byte(uuid_send(id), 14) << 8) | get_byte(uuid_send(id), 15)) & 1023)::smallint;

create function loopline.is_spread() returns boolean
  language sql stable parallel safe
  return exists (select from pg_extension where extname = 'citus');

-- Spreads a table by a column over all nodes, its shards beside those of another table (null: a group of its own).
-- Order in a migration: create table, spread, indexes, foreign keys.
create function loopline.spread(relation text, key text, beside text default null) returns void
  language plpgsql as $$
begin
  if loopline.is_spread() then
    execute format('select create_distributed_table(%L, %L, colocate_with => %L)', relation, key, coalesce(beside, 'none'));
  end if;
end $$;

-- Copies a table to every node: small tables that many rows of spread tables point to (campaign, line, user, tag).
create function loopline.everywhere(relation text) returns void
  language plpgsql as $$
begin
  if loopline.is_spread() then
    execute format('select create_reference_table(%L)', relation);
  end if;
end $$;

-- Keeps a table on the coordinator but known to all, so that a transaction may write it together with spread tables
-- without being torn. While the table is empty.
create function loopline.alone(relation text) returns void
  language plpgsql as $$
begin
  if loopline.is_spread() then
    execute format('select citus_add_local_table_to_metadata(%L)', relation);
  end if;
end $$;
