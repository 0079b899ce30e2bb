import { useTranslation } from 'react-i18next'
import type { AgentState } from '@loopline/contracts/agent'
import type { CampaignState } from '@loopline/contracts/campaign-event'
import type { Level } from '@loopline/vocabulary/customer'
import type { Outcome } from '@loopline/vocabulary/outcome'
import { AGENT_LOOKS, CAMPAIGN_LOOKS, LINE_LOOKS, OUTCOME_LOOKS, type LineState, type StateLook } from '../theme/states'

function Sign({ look, word }: { look: StateLook; word: string }) {
  return <span className="state"><span className="sign" aria-hidden style={{ color: look.colour }}>{look.sign}</span>{word}</span>
}

/** An outcome by colour, sign and word. */
export function OutcomeSign({ outcome }: { outcome: Outcome }) {
  const { t } = useTranslation()
  return <Sign look={OUTCOME_LOOKS[outcome]} word={t(`outcome.${outcome}`)} />
}

export function CampaignStateSign({ state }: { state: CampaignState }) {
  const { t } = useTranslation()
  return <Sign look={CAMPAIGN_LOOKS[state]} word={t(`campaignState.${state}`)} />
}

export function AgentStateSign({ state }: { state: AgentState }) {
  const { t } = useTranslation()
  return <Sign look={AGENT_LOOKS[state]} word={t(`agentState.${state}`)} />
}

export function LineStateSign({ state }: { state: LineState }) {
  const { t } = useTranslation()
  return <Sign look={LINE_LOOKS[state]} word={t(`lineState.${state}`)} />
}

export function LevelMark({ level }: { level: Level }) {
  const { t } = useTranslation()
  return <span className="level" data-level={level} title={`${t('field.level')} ${level}`}>{level}</span>
}
