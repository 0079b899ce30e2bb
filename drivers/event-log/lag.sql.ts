import type { Queryable } from '@loopline/postgres/queryable'
import type { TopicLag } from './event-log.ts'

/** How far a group is behind, by topic. Progress saved once a second makes it look up to a second worse than it is. */
export function readLag(database: Queryable, group: string): Promise<TopicLag[]> {
  return database.sql<TopicLag & object>`
    select c.topic, sum(greatest(h.next_offsets[c.partition + 1] - c.next_offset, 0))::bigint as events,
           (extract(epoch from now() - min(oldest.appended_at)) * 1000)::float8 as "oldestMs",
           (select count(*) from log.parked p where p.group_name = ${group} and p.topic = c.topic) as parked
      from log.cursor c
      join log.head h on h.topic = c.topic
      left join lateral (
        select e.appended_at from log.event e
         where h.next_offsets[c.partition + 1] > c.next_offset
           and e.topic = c.topic and e.partition = c.partition and e."offset" >= c.next_offset
         order by e."offset" limit 1) oldest on true
     where c.group_name = ${group}
     group by c.topic order by c.topic`
}
