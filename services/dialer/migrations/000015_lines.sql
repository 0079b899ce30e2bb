-- What a line is beside its address: how it is reached, how numbers are written on it, where it may call, what it costs.
-- Lines that were there before go on as they did.
alter table dialer.line add column transport text not null default 'udp';
alter table dialer.line add constraint line_transport check (transport in ('udp', 'tcp', 'tls'));
alter table dialer.line add column tls_ca text;
alter table dialer.line add column registers boolean not null default false;
alter table dialer.line add column register_seconds integer not null default 300;
alter table dialer.line add column codecs text[] not null default '{PCMA,PCMU}';
alter table dialer.line add column country_code text not null default '86';
alter table dialer.line add column strip_prefix text not null default '';
alter table dialer.line add column add_prefix text not null default '';
alter table dialer.line add column may_call text[] not null default '{}';
alter table dialer.line add column permitted_use text not null default '';
-- Oldest first, each with the instant from which it holds: a call pays by the one that held when it began.
alter table dialer.line add column tariffs jsonb not null default '[]';

-- In millionths of the currency; null where the line had no tariff, or the call has not ended.
alter table dialer.attempt add column cost_micros bigint;
alter table dialer.attempt add column cost_currency text;
