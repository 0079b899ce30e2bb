import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import type { Deps } from '../deps.ts'
import { hubError } from '../errors.ts'
import type { Origins } from '../gateway/origin.ts'
import { PASSWORD_LENGTH_MIN } from '../sign-on/auth.ts'
import { isSetupToken, useSetupLink } from './setup-link.ts'

const FirstAdmin = z.object({
  token: z.string().max(100), username: z.string().regex(/^[a-zA-Z0-9_.]{2,64}$/), name: z.string().trim().min(1).max(100),
  password: z.string().min(PASSWORD_LENGTH_MIN).max(256),
})
const open = { public: 'only the one-time token of the first start opens it' }

/** The page behind the one-time link: a plain form, since nobody can sign in to the console yet. */
export function setupRoutes(app: Http, deps: Deps, origins: Origins): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit: 4_096 },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))))

  app.get('/setup', { schema: { hide: true, querystring: z.object({ token: z.string().max(100).default('') }) }, config: open }, async (request, reply) => {
    const { token } = request.query
    if (!(await isSetupToken(deps.db, token))) throw hubError('SETUP_LINK_INVALID')
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').serializer(String).send(page(token))
  })

  app.post('/setup', { schema: { hide: true, body: FirstAdmin }, config: open }, async (request, reply) => {
    origins.assertOwn(request)
    const userId = await useSetupLink(deps, request.body)
    await deps.audit.record({ actorId: userId, actorName: request.body.name, role: 'admin', action: 'set-up', subject: `user:${userId}`, details: {}, address: request.ip })
    return reply.redirect('/', 303)
  })
}

/** The token is base64url, so it needs no escaping; it was checked before. */
const page = (token: string): string => `<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Loopline</title>
<style>body{font:14px system-ui,'Noto Sans SC',sans-serif;max-width:360px;margin:12vh auto;padding:0 16px}label{display:block;margin:16px 0 4px}
input,button{font:inherit;width:100%;box-sizing:border-box;padding:8px 12px;border:1px solid #bbb;border-radius:8px}button{margin-top:24px;background:#0B8F6A;color:#fff;border:0}</style>
<h1>Loopline</h1><p>创建第一个管理员 · Create the first administrator</p>
<form method="post" action="/setup"><input type="hidden" name="token" value="${token}">
<label for="u">用户名 · User name</label><input id="u" name="username" required pattern="[a-zA-Z0-9_.]{2,64}" autocomplete="username">
<label for="n">姓名 · Name</label><input id="n" name="name" required maxlength="100" autocomplete="name">
<label for="p">密码（至少 ${PASSWORD_LENGTH_MIN} 位）· Password, ${PASSWORD_LENGTH_MIN} characters or more</label>
<input id="p" name="password" type="password" required minlength="${PASSWORD_LENGTH_MIN}" autocomplete="new-password">
<button>创建 · Create</button></form></html>`
