/** The migrations of every service, in the order of their dependencies. All are applied wherever any service runs. */
const PROJECT = new URL('../../', import.meta.url)

export const MIGRATIONS: readonly URL[] = [
  new URL('drivers/event-log/migrations', PROJECT),
  new URL('services/hub/migrations', PROJECT),
  new URL('services/crm/migrations', PROJECT),
  new URL('services/dialer/migrations', PROJECT),
]
