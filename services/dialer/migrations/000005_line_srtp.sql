-- Whether a line's voices are encrypted (SRTP, RFC 4568). Lines that were there before go on as they did.
alter table dialer.line add column srtp text not null default 'off';
alter table dialer.line add constraint line_srtp check (srtp in ('off', 'offer', 'required'));
