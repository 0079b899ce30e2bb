-- An attempt may go over another line when the first one failed before anybody's phone rang: the leg at hand, and how the
-- ones before it ended (EndedLeg of contracts/call-event.ts).
alter table dialer.attempt add column leg smallint not null default 1;
alter table dialer.attempt add column legs json;

-- What the calls over a line into a region came to, minute by minute and by final SIP status (0: none came): additions of all
-- processes, so that the last hour survives each of them. Sums as in engines/routing/quality-window.ts.
create table dialer.line_minute (
  line_id uuid not null,
  -- Empty where it is not known.
  region text not null,
  minute timestamptz not null,
  status smallint not null,
  seizures integer not null,
  answers integer not null,
  reached integer not null,
  short integer not null,
  pdd_ms double precision not null,
  pdd_count integer not null,
  talk_ms double precision not null,
  sounds integer not null,
  silent integer not null,
  poor integer not null,
  mos double precision not null,
  mos_count integer not null,
  loss double precision not null,
  jitter_ms double precision not null,
  round_trip_ms double precision not null,
  round_trips integer not null,
  primary key (line_id, region, minute, status)
) with (fillfactor = 50);
select loopline.everywhere('dialer.line_minute');
create index line_minute_time on dialer.line_minute (minute);

-- Since when an operator lets nothing new go over it; what is on its way goes on.
alter table dialer.line add column drained_at timestamptz;

-- How often each line was tried into a region at a local hour, day by day: what choosing by what was learnt stands on.
create table dialer.line_hour (
  line_id uuid not null,
  region text not null,
  day date not null,
  hour smallint not null,
  tried integer not null,
  reached integer not null,
  primary key (line_id, region, day, hour)
) with (fillfactor = 50);
select loopline.everywhere('dialer.line_hour');
create index line_hour_day on dialer.line_hour (day);
