/*
 * Search words as numbers, see customer/gram-code.ts: three code points of 21 bits each. A table of its own name, since
 * the type of a column cannot be changed under an index that is in use without rewriting both anyway.
 */
create table crm.customer_gram (
  customer_id uuid primary key,
  grams bigint[] not null
);
select loopline.spread('crm.customer_gram', 'customer_id', 'crm.customer');

insert into crm.customer_gram (customer_id, grams)
select customer_id, array(
         select (ascii(substr(gram, 1, 1))::bigint << 42) | (ascii(substr(gram, 2, 1))::bigint << 21) | ascii(substr(gram, 3, 1))
           from unnest(grams) as gram)
  from crm.customer_search;
create index customer_gram_grams on crm.customer_gram using gin (grams);
drop table crm.customer_search;
