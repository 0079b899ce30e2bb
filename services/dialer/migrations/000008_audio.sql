-- A company's own sounds; the sound itself is the sealed object `audio/<id>.wav` of the store.
create table dialer.audio (
  audio_id uuid primary key,
  name text not null,
  duration_ms integer not null,
  made_by text not null,
  made_at timestamptz not null,
  removed_at timestamptz
);
select loopline.everywhere('dialer.audio');

-- Campaigns of before they could choose what is said to people.
update dialer.campaign set settings = '{"language": null, "recordingRequired": false, "fallbackAudioId": null, "announcementAudioId": null}'::jsonb || settings;
