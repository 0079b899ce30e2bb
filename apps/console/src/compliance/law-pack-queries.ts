import { queryOptions } from '@tanstack/react-query'
import type { z } from 'zod'
import type { LawPackView, LawPacksView } from '@loopline/contracts/law-pack'
import { answer } from '../api/answer'
import { api } from '../api/client'

export type LawPack = LawPackView
export type LawPacks = z.infer<typeof LawPacksView>

export const lawPacksQuery = queryOptions({ queryKey: ['setting', 'law-packs'], queryFn: (): Promise<LawPacks> => answer(api.GET('/api/hub/settings/law-packs')), staleTime: Infinity })
