-- What forecasts have learnt, by engines/forecast: bytes of this version only. Missing or of another version, it is learnt anew
-- from the attempts.
create table dialer.forecast (
  key text primary key,
  version integer not null,
  state bytea not null,
  -- Attempts that ended later are not in it.
  learnt_to timestamptz not null
);
select loopline.alone('dialer.forecast');
