import { z } from 'zod'

/** HTTP of crm, noun: rule. Mounted at /rules. Read in this cut; the book is written by migrations' default pack and PUT. */
export const RuleView = z.object({
  id: z.uuid(),
  version: z.number().int(),
  /** Stable key of a default rule, e.g. `invalid-number-stops`. */
  key: z.string().nullable(),
  name: z.object({ zh: z.string(), en: z.string() }),
  /** The rule as a sentence. */
  sentence: z.object({ zh: z.string(), en: z.string() }),
  order: z.number().int(),
  enabled: z.boolean(),
  when: z.enum(['before-dial', 'call-outcome', 'customer-changed', 'assignment']),
  condition: z.unknown(),
  actions: z.array(z.unknown()),
  stop: z.boolean(),
})
export type RuleView = z.infer<typeof RuleView>

export const RuleBookView = z.object({
  version: z.number().int(),
  rules: z.array(RuleView),
  priorityByLevel: z.record(z.string(), z.number().int().min(0).max(1000)),
})

/** PUT /rules/mapping — level → priority, with the book's version. */
export const EditMapping = z.object({ version: z.number().int(), priorityByLevel: z.record(z.string(), z.number().int().min(0).max(1000)) })
/** PUT /rules/:id — switch on or off. */
export const EditRule = z.object({ version: z.number().int(), enabled: z.boolean() })
