/** How durable the server is: `test` gives up the disk, for databases that die with the run. */
export type Durability = 'durable' | 'test'

/**
 * Settings of the embedded server, for 2 cores and a few GB of memory; each differs from PostgreSQL's default for the
 * reason beside it. Passed on the command line, so that the code, not a file in the data folder, is the truth.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // a socket path is limited to 107 bytes; our folders are not
  max_connections: '200',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  wal_compression: 'on', // full-page images are most of the WAL after a checkpoint; this build knows pglz only
  wal_level: 'replica', // backups by WAL archive and a standby need it (P15, F9)
  max_wal_size: '2GB', // with the default 1GB an import forces checkpoints
  checkpoint_timeout: '15min',
  random_page_cost: '1.1', // solid state disks
  jit: 'off', // compiling costs more than our short statements
  autovacuum_vacuum_scale_factor: '0.05', // the dial list and the outbox are queues: dead rows gather at the hot end
  autovacuum_vacuum_insert_scale_factor: '0.1',
  autovacuum_analyze_scale_factor: '0.05',
  autovacuum_naptime: '10s',
  autovacuum_vacuum_cost_limit: '1000',
  tcp_keepalives_idle: '30',
  tcp_keepalives_interval: '10',
  tcp_keepalives_count: '3',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_line_prefix: '%m [%p] %a ',
  log_checkpoints: 'off',
  // P16: what failed is told to the client; the log keeps no row, key or parameter that could hold a phone number.
  log_min_messages: 'log', // leaves ERROR out: `value "139…" is out of range` quotes what it was given
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_parameter_max_length: '0',
}

const TEST_SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  shared_buffers: '128MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '1min',
}

/** The server's command line after `-D`: one `-c name=value` for each setting. */
export function serverArguments(durability: Durability): string[] {
  const settings = durability === 'test' ? { ...SETTINGS, ...TEST_SETTINGS } : SETTINGS
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
