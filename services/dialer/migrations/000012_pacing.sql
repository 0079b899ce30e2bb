-- What a campaign's predictive pacing has learnt (PacingMemory of engines/pacing, JSON): whoever takes the campaign up goes on from it.
create table dialer.pacing_memory (
  campaign_id uuid primary key,
  memory json not null,
  saved_at timestamptz not null default now()
) with (fillfactor = 50);
select loopline.everywhere('dialer.pacing_memory');

-- Of campaigns with agents: who answered as a person, and whom of them nobody came for, by the hour in which the call ended. Written with
-- the outcome, so that the window of the law is a sum of at most some hundred rows. One row a process: none waits for another.
create table dialer.abandonment (
  campaign_id uuid not null,
  hour timestamptz not null,
  dialer_id uuid not null,
  live integer not null,
  abandoned integer not null,
  primary key (campaign_id, hour, dialer_id)
) with (fillfactor = 70);
select loopline.everywhere('dialer.abandonment');

-- What campaigns had done before they were counted.
insert into dialer.abandonment (campaign_id, hour, dialer_id, live, abandoned)
select a.campaign_id, date_trunc('hour', a.ended_at), '00000000-0000-0000-0000-000000000000', count(*), count(*) filter (where a.outcome = 'abandoned')
  from dialer.attempt a join dialer.campaign c on c.campaign_id = a.campaign_id and c.settings->>'mode' <> 'agentless'
 where a.inbound_id is null and a.ended_at > now() - interval '31 days' and (a.outcome = 'abandoned' or (a.outcome = 'connected' and a.agent_id is not null))
 group by 1, 2;

-- Campaigns of before they could be paced.
update dialer.campaign set settings = '{"callsPerAgent": 1.5, "abandonCap": 0.03}'::jsonb || settings;
