-- When the store is next held against what was told of the recording; null while it is being recorded, and once it is deleted.
alter table dialer.recording add column verify_at timestamptz;
alter table dialer.recording add column verified_at timestamptz;
-- What was found then: Finding[] of engines/recording/manifest.ts; null: nothing.
alter table dialer.recording add column findings json;
-- Set before the first object goes: from then on no legal hold can keep it, and a crash is made good by deleting again.
alter table dialer.recording add column deleting_at timestamptz;
-- Set when the store has shown that nothing of it is left.
alter table dialer.recording add column deleted_at timestamptz;
-- Why, by whom and since when it is under legal hold; the audit holds what was before.
alter table dialer.recording add column hold_reason text;
alter table dialer.recording add column hold_by text;
alter table dialer.recording add column hold_at timestamptz;

create index recording_to_verify on dialer.recording (verify_at) where verify_at is not null;
create index recording_to_delete on dialer.recording (kept_until) where deleted_at is null and not legal_hold;

-- Conversations, newest first: what could have been recorded.
create index attempt_connected on dialer.attempt (id) where connected_at is not null;

update dialer.recording set verify_at = ended_at where state <> 'recording';
