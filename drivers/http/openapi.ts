import swagger from '@fastify/swagger'
import type { SwaggerTransform } from '@fastify/swagger'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { FastifyInstance, FastifySchema } from 'fastify'
import type { ErrorRegister } from './coded-error.ts'
import type { RoutePermission } from './permission.ts'

const ERROR_BODY = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'retry', 'requestId'],
      properties: {
        code: { type: 'string' }, message: { type: 'string' }, retry: { enum: ['never', 'after-change', 'later'] },
        details: {}, requestId: { type: 'string' },
      },
    },
  },
} as const

/** Adds what Fastify knows and zod does not: who may, and the body of every refusal. */
const transform: SwaggerTransform = (input) => {
  const { schema, url } = jsonSchemaTransform({ ...input, schema: input.schema ?? {} } as Parameters<typeof jsonSchemaTransform>[0])
  const { may, public: reason } = (input.route.config ?? {}) as RoutePermission
  const responses = { ...(schema.response as object | undefined), default: { description: 'Refused, with a code', ...ERROR_BODY } }
  const security = may === undefined ? [] : [{ session: [] }, { apiKey: [] }]
  return { url, schema: { ...schema, response: responses, security, ...(may ? { 'x-may': may } : { 'x-public': reason }) } as FastifySchema }
}

/** Publishes the OpenAPI 3.1 document of all routes registered later, at /openapi.json. */
export async function installOpenApi(app: FastifyInstance, name: string, errors: ErrorRegister): Promise<void> {
  const openapi = {
    openapi: '3.1.0',
    info: { title: `Loopline ${name}`, version: '0.1.0' },
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'loopline.session_token' },
        apiKey: { type: 'http', scheme: 'bearer' },
      },
    },
    'x-errors': errors,
  } as const
  await app.register(swagger, { openapi, transform })
  app.get('/openapi.json', { schema: { hide: true }, config: { public: 'the description of the interface holds no data' } },
    async (_request, reply) => reply.type('application/json').serializer(JSON.stringify).send(app.swagger()))
}
