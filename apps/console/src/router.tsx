import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { OUTCOMES, type Outcome } from '@loopline/vocabulary/outcome'
import { ApiError } from './api/client'
import { queryClient, whenSignedOut } from './api/queries'
import { Frame } from './frame/frame'
import { NotHere } from './frame/not-here'
import { Broken } from './frame/broken'
import { meQuery } from './session/me'
import { SignInPage } from './sign-in/sign-in-page'

type Address = Record<string, unknown>
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined)
const oneOf = <Word extends string>(words: readonly Word[], value: unknown): Word | undefined => words.find((word) => word === value)

const root = createRootRoute({ notFoundComponent: NotHere })

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in', component: SignInPage,
  // Only a path of ours: an address from outside must not carry the person away after signing in.
  validateSearch: (search: Address): { to?: string | undefined } => ({ to: /^\/(?![/\\])/.test(text(search['to']) ?? '') ? text(search['to']) : undefined }),
})

const frame = createRoute({
  getParentRoute: () => root, id: 'frame', component: Frame, errorComponent: Broken,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery)
    } catch (error) {
      if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') throw redirect({ to: '/sign-in', search: { to: location.href === '/' ? undefined : location.href } })
      throw error
    }
  },
})

const home = createRoute({ getParentRoute: () => frame, path: '/', beforeLoad: () => { throw redirect({ to: queryClient.getQueryData(meQuery.queryKey)?.role === 'agent' ? '/workbench' : '/customers' }) } })

const workbench = createRoute({ getParentRoute: () => frame, path: '/workbench', component: lazyRouteComponent(() => import('./workbench/workbench-page'), 'WorkbenchPage') })
const live = createRoute({ getParentRoute: () => frame, path: '/live', component: lazyRouteComponent(() => import('./live/live-page'), 'LivePage') })

export interface CustomerListAddress {
  search?: string | undefined
  view?: 'all' | 'mine' | 'pool' | undefined
  sort?: 'updated' | 'created' | 'level' | 'followUp' | undefined
  /** A condition tree as JSON. */
  condition?: string | undefined
}
const customers = createRoute({
  getParentRoute: () => frame, path: '/customers', component: lazyRouteComponent(() => import('./customers/list-page'), 'CustomerListPage'),
  validateSearch: (search: Address): CustomerListAddress => ({
    search: text(search['search']), view: oneOf(['all', 'mine', 'pool'], search['view']), sort: oneOf(['updated', 'created', 'level', 'followUp'], search['sort']),
    condition: typeof search['condition'] === 'object' && search['condition'] !== null ? JSON.stringify(search['condition']) : text(search['condition']),
  }),
})
const newCustomer = createRoute({ getParentRoute: () => frame, path: '/customers/new', component: lazyRouteComponent(() => import('./customers/new-page'), 'NewCustomerPage') })
const customer = createRoute({ getParentRoute: () => frame, path: '/customers/$customerId', component: lazyRouteComponent(() => import('./customers/record-page'), 'CustomerPage') })
const importing = createRoute({ getParentRoute: () => frame, path: '/customers/import', component: lazyRouteComponent(() => import('./imports/import-page'), 'ImportPage') })
const imported = createRoute({ getParentRoute: () => frame, path: '/customers/import/$importId', component: lazyRouteComponent(() => import('./imports/progress-page'), 'ImportProgressPage') })

const campaigns = createRoute({ getParentRoute: () => frame, path: '/campaigns', component: lazyRouteComponent(() => import('./campaigns/list-page'), 'CampaignListPage') })
const newCampaign = createRoute({ getParentRoute: () => frame, path: '/campaigns/new', component: lazyRouteComponent(() => import('./campaigns/edit-page'), 'NewCampaignPage') })
const campaign = createRoute({ getParentRoute: () => frame, path: '/campaigns/$campaignId', component: lazyRouteComponent(() => import('./campaigns/live-page'), 'CampaignPage') })
const editCampaign = createRoute({ getParentRoute: () => frame, path: '/campaigns/$campaignId/edit', component: lazyRouteComponent(() => import('./campaigns/edit-page'), 'EditCampaignPage') })

export interface CallListAddress {
  campaignId?: string | undefined
  customerId?: string | undefined
  outcome?: Outcome | undefined
}
const calls = createRoute({
  getParentRoute: () => frame, path: '/calls', component: lazyRouteComponent(() => import('./calls/list-page'), 'CallListPage'),
  validateSearch: (search: Address): CallListAddress => ({ campaignId: text(search['campaignId']), customerId: text(search['customerId']), outcome: oneOf(OUTCOMES, search['outcome']) }),
})
/** Without `recording`: what is being recorded now is nobody's search. */
export const SHOWN_STATES = ['complete', 'incomplete', 'not-recorded', 'deleted'] as const
export interface RecordingListAddress {
  customerId?: string | undefined
  agentId?: string | undefined
  campaignId?: string | undefined
  state?: (typeof SHOWN_STATES)[number] | undefined
  held?: boolean | undefined
  /** Days, 2026-11-24. */
  from?: string | undefined
  to?: string | undefined
}
const day = (value: unknown): string | undefined => (/^\d{4}-\d{2}-\d{2}$/.test(text(value) ?? '') ? text(value) : undefined)
const recordings = createRoute({
  getParentRoute: () => frame, path: '/calls/recordings', component: lazyRouteComponent(() => import('./calls/recordings-page'), 'RecordingListPage'),
  validateSearch: (search: Address): RecordingListAddress => ({
    customerId: text(search['customerId']), agentId: text(search['agentId']), campaignId: text(search['campaignId']), state: oneOf(SHOWN_STATES, search['state']),
    held: search['held'] === true ? true : undefined, from: day(search['from']), to: day(search['to']),
  }),
})
const rules = createRoute({ getParentRoute: () => frame, path: '/rules', component: lazyRouteComponent(() => import('./rules/rules-page'), 'RulesPage') })
const lines = createRoute({ getParentRoute: () => frame, path: '/lines', component: lazyRouteComponent(() => import('./lines/lines-page'), 'LinesPage') })
/** The address makes a number of digits. */
const wordOrDigits = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : text(value))
const numbers = createRoute({
  getParentRoute: () => frame, path: '/lines/numbers', component: lazyRouteComponent(() => import('./numbers/numbers-page'), 'NumbersPage'),
  validateSearch: (search: Address): { lineId?: string | undefined; groupId?: string | undefined; state?: 'active' | 'resting' | 'held' | 'retired' | undefined; text?: string | undefined } =>
    ({ lineId: text(search['lineId']), groupId: text(search['groupId']), state: oneOf(['active', 'resting', 'held', 'retired'], search['state']), text: wordOrDigits(search['text']) }),
})
const reports = createRoute({
  getParentRoute: () => frame, path: '/reports', component: lazyRouteComponent(() => import('./reports/agent-time-page'), 'AgentTimePage'),
  validateSearch: (search: Address): { from?: string | undefined; to?: string | undefined } => ({ from: day(search['from']), to: day(search['to']) }),
})
export type SettingSection = 'me' | 'clock' | 'people' | 'compliance' | 'dnc' | 'audit'
const settings = createRoute({
  getParentRoute: () => frame, path: '/settings', component: lazyRouteComponent(() => import('./settings/settings-page'), 'SettingsPage'),
  validateSearch: (search: Address): { section?: SettingSection | undefined } => ({ section: oneOf(['me', 'clock', 'people', 'compliance', 'dnc', 'audit'], search['section']) }),
})

export const router = createRouter({
  routeTree: root.addChildren([signIn, frame.addChildren([home, workbench, live, customers, newCustomer, importing, imported, customer, campaigns, newCampaign, campaign, editCampaign, calls, recordings, reports, rules, lines, numbers, settings])]),
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  defaultErrorComponent: Broken,
  scrollRestoration: true,
})

whenSignedOut(() => {
  const { href, pathname } = router.state.location
  if (pathname === '/sign-in') return
  queryClient.removeQueries({ queryKey: meQuery.queryKey })
  void router.navigate({ to: '/sign-in', search: { to: href } })
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
