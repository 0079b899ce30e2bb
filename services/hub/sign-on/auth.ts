import pg from 'pg'
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { username } from 'better-auth/plugins/username'
import { newId } from '@loopline/clock/new-id'
import { failed } from '@loopline/http/coded-error'
import type { Keyring } from '@loopline/keys/keyring'
import { connectionConfig } from '@loopline/postgres/pool'
import type { Logger } from '@loopline/telemetry/logger'

/** Sign-on by password as hub needs it; better-auth is behind it and nowhere else. */
export interface SignOn {
  /** Answers one request of better-auth's own interface, path included: `/api/auth/sign-in/username`. */
  handle(request: Request): Promise<Response>
  /** The session that the cookies prove, or null. @throws CodedError SERVICE_UNAVAILABLE while the database is away */
  sessionOf(headers: Headers): Promise<{ token: string; userId: string } | null>
  hashPassword(password: string): Promise<string>
  /** What the cookie of a sign-in that waits for its code names, or null. Nothing is proved by it. */
  challengeOf(cookies: string): string | null
  /** Name of the session cookie. */
  readonly cookieName: string
  close(): Promise<void>
}

export interface SignOnOptions {
  databaseUrl: string
  keys: Keyring
  log: Logger
  /** Cookies are sent over https only. */
  secure: boolean
  signInsPerMinute: number
  origins: () => string[]
}

/** Requests are handed over under this name; better-auth never builds an address for people from it. */
export const AUTH_BASE = 'http://hub.internal'
/** Set by the gateway from the socket; what a client sends under this name is dropped. */
export const CLIENT_ADDRESS_HEADER = 'x-loopline-client-address'
export const PASSWORD_LENGTH_MIN = 10
const SESSION_SECONDS = 12 * 3_600

/** Better-auth over schema hub: user names and passwords, sessions in cookies, no open sign-up, requests counted in the database. */
export function createSignOn(options: SignOnOptions): SignOn {
  const pool = authPool(options)
  const prefix = `${options.secure ? '__Secure-' : ''}loopline.`
  const cookieName = `${prefix}session_token`
  const auth = betterAuth({
    baseURL: AUTH_BASE,
    basePath: '/api/auth',
    secret: options.keys.signingKey('session').export().toString('base64'),
    database: pool,
    telemetry: { enabled: false },
    logger: { level: 'warn', log: (level, message) => options.log[level]({ from: 'better-auth' }, message) },
    trustedOrigins: () => options.origins(),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: PASSWORD_LENGTH_MIN, maxPasswordLength: 256 },
    plugins: [username({ displayUsername: false, minUsernameLength: 2, maxUsernameLength: 64 }), twoFactor(SECOND_FACTOR)],
    rateLimit: {
      enabled: true, storage: 'database', modelName: 'rate_limit', fields: { lastRequest: 'last_request' }, window: 60, max: 300,
      customRules: { '/sign-in/username': { window: 60, max: options.signInsPerMinute }, '/two-factor/*': { window: 60, max: options.signInsPerMinute }, '/get-session': false },
    },
    advanced: {
      cookiePrefix: 'loopline',
      useSecureCookies: options.secure,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      database: { generateId: () => newId() },
    },
    ...MODELS,
  })
  return {
    cookieName,
    handle: (request) => auth.handler(request),
    async sessionOf(headers) {
      // It hides the database's failure behind an error of its own; nobody is signed out by that.
      const found = await auth.api.getSession({ headers, query: { disableRefresh: true } }).catch((error: unknown) => {
        options.log.warn({ err: error }, 'a session could not be looked up')
        throw failed('SERVICE_UNAVAILABLE')
      })
      return found ? { token: found.session.token, userId: found.user.id } : null
    },
    challengeOf: (cookies) => challengeAmong(cookies, `${prefix}two_factor`),
    hashPassword: async (password) => (await auth.$context).password.hash(password),
    close: () => pool.end(),
  }
}

/** Codes of six digits each half a minute, as every authenticator app makes them (RFC 6238), and ten on paper that count once. */
const SECOND_FACTOR = {
  issuer: 'Loopline', twoFactorTable: 'two_factor',
  schema: {
    user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
    twoFactor: { fields: { backupCodes: 'backup_codes', userId: 'user_id', failedVerificationCount: 'failed_verification_count', lockedUntil: 'locked_until' } },
  },
}

/** Its value is the name of what waits, a dot and a signature. */
function challengeAmong(cookies: string, name: string): string | null {
  const value = cookies.split(/; */).find((cookie) => cookie.startsWith(`${name}=`))?.slice(name.length + 1)
  const [challenge] = value === undefined ? [] : decodeURIComponent(value).split('.')
  return challenge ?? null
}

const STAMPS = { createdAt: 'created_at', updatedAt: 'updated_at' } as const

/** Its models under our column names (schema 1.7.5: user, session, account, verification, rateLimit). */
const MODELS = {
  user: { modelName: 'user', fields: { ...STAMPS, emailVerified: 'email_verified' } },
  session: {
    modelName: 'session', expiresIn: SESSION_SECONDS, updateAge: 3_600,
    fields: { ...STAMPS, expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', userId: 'user_id' },
  },
  account: {
    modelName: 'account',
    fields: {
      ...STAMPS, accountId: 'account_id', providerId: 'provider_id', userId: 'user_id', accessToken: 'access_token', refreshToken: 'refresh_token',
      idToken: 'id_token', accessTokenExpiresAt: 'access_token_expires_at', refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'verification', fields: { ...STAMPS, expiresAt: 'expires_at' } },
} as const

/** Better-auth wants pg's own pool. Its statements name no schema, hence the search path. */
function authPool({ databaseUrl, log }: SignOnOptions): pg.Pool {
  const config = connectionConfig({ url: databaseUrl, name: 'hub sign-on' })
  const pool = new pg.Pool({ ...config, options: '-c timezone=UTC -c search_path=hub', max: 2, idleTimeoutMillis: 60_000 })
  pool.on('error', (error) => log.warn({ reason: error.message }, 'an idle sign-on connection was lost'))
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}
