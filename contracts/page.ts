import { z } from 'zod'

/** Keyset paging: `cursor` is opaque, `next` is null at the end. Lists never count exactly; an estimate says that it is one. */
export const PageQuery = z.object({
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), next: z.string().nullable(), estimatedTotal: z.number().int().nullable().optional() })
