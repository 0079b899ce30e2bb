import type { Http } from '@loopline/http/create-http'

/**
 * Scripts come from our files only. Styles may be inline because antd and ECharts write style elements while running;
 * a style can neither run code nor, with these sources, send anything anywhere.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:", "font-src 'self' data:",
  "connect-src 'self'", "media-src 'self' blob:", "worker-src 'self' blob:", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ')

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
}

/** On every answer of the gateway. What people's data is in is never kept by a cache. */
export function installSecurityHeaders(app: Http, { secure }: { secure: boolean }): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(HEADERS)
    if (secure) void reply.header('strict-transport-security', 'max-age=31536000')
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store')
  })
}
