-- The telephone on an agent's desk: its SIP user, and what a digest proof is checked with. The secret itself is nowhere.
create table dialer.desk_phone (
  agent_id uuid primary key,
  -- Kept when the secret is renewed: a telephone then needs only the new secret.
  sip_user text not null unique,
  -- H(user:realm:secret) of RFC 7616 in hexadecimal, sealed with the agent's id.
  ha1_md5 bytea not null,
  ha1_sha256 bytea not null,
  made_at timestamptz not null
);
select loopline.everywhere('dialer.desk_phone');
