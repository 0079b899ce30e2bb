import { z } from 'zod'
import type { Http } from '@loopline/http/create-http'
import { EditMapping, EditRule, RuleBookView } from '@loopline/contracts/rule'
import type { Deps } from '../deps.ts'
import { editMapping, editRule } from './edit-rules.ts'
import { readRuleBook } from './rule-book.ts'
import { viewBook } from './view-rules.ts'

export function ruleRoutes(app: Http, deps: Deps): void {
  app.get('/rules', { schema: { response: { 200: RuleBookView } }, config: { may: 'rule:read' } }, () => viewBook(deps.db))

  app.put('/rules/mapping', { schema: { body: EditMapping, response: { 200: RuleBookView } }, config: { may: 'rule:edit' } },
    (request) => editMapping(deps, request.body))

  app.put('/rules/:id', {
    schema: { params: z.object({ id: z.uuid() }), body: EditRule, response: { 200: RuleBookView } }, config: { may: 'rule:edit' },
  }, (request) => editRule(deps, request.params.id, request.body))

  app.get('/internal/rules', { schema: { hide: true }, config: { may: 'service:call' } }, () => readRuleBook(deps.db))
}
