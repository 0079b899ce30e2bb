/** The folder of our migrations: pass it to `migrate` before those of any service, which call `loopline.create_outbox`. */
export const LOG_MIGRATIONS = new URL('./migrations', import.meta.url)
