import { z } from 'zod'

/** Settings of the crm service. Read once, by main; the table in docs is generated from it. */
export const CrmConfig = z.object({
  DATABASE_URL: z.string().min(1).describe('PostgreSQL of the installation, postgres://…; crm keeps to its own schema there.'),
  CRM_HOST: z.string().default('127.0.0.1').describe('Address crm listens on.'),
  CRM_PORT: z.coerce.number().int().min(0).max(65_535).default(0).describe('Port crm listens on; 0 takes a free one.'),
  CRM_DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(64).default(6).describe('Database connections of crm for requests and events; an import takes two more.'),
  CRM_DATA_DIR: z.string().min(1).describe('Folder for uploads and error files of imports, both encrypted; made with mode 0700.'),
  CRM_IMPORT_BYTES_MAX: z.coerce.number().int().min(1_024).default(1_073_741_824).describe('Largest file an import takes, bytes.'),
  CRM_SANDBOX: z.union([z.boolean(), z.stringbool()]).default(false).describe('Demo: every customer made or imported is a sandbox person and can be dialled on sandbox lines only.'),
  DIALER_URL: z.string().default('').describe('Address of the dialer, http://host:port: it says whom an agent serves. Empty: agents see their own customers only.'),
  CRM_OUTCOME_BATCH_MAX: z.coerce.number().int().min(1).max(2_000).default(200).describe('Ended calls applied in one transaction at most.'),
})
export type CrmConfig = z.infer<typeof CrmConfig>

/** @throws ZodError naming every wrong setting, before a socket opens. */
export const readConfig = (env: Record<string, string | undefined>): CrmConfig => CrmConfig.parse(env)
