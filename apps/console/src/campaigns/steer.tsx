import { CaretRightOutlined, EditOutlined, PauseOutlined } from '@ant-design/icons'
import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { CampaignView } from '@loopline/contracts/campaign'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { LinkButton } from '../parts/link-button'
import { useMay } from '../session/me'
import { campaignListQuery, campaignQuery } from './campaign-queries'

type Act = 'start' | 'pause' | 'resume' | 'stop'
const WORKING = { start: 'starting', pause: 'pausing', resume: 'resuming', stop: 'stopping' } as const
const ALLOWED: Record<CampaignView['state'], readonly Act[]> = { draft: ['start'], running: ['pause', 'stop'], paused: ['resume', 'stop'], stopped: [], finished: [] }

const send = (act: Act, campaignId: string, version: number): Promise<CampaignView> => {
  const request = { params: { path: { campaignId } }, body: { version } }
  switch (act) {
    case 'start': return answer(api.POST('/api/dialer/campaigns/{campaignId}/start', request))
    case 'pause': return answer(api.POST('/api/dialer/campaigns/{campaignId}/pause', request))
    case 'resume': return answer(api.POST('/api/dialer/campaigns/{campaignId}/resume', request))
    case 'stop': return answer(api.POST('/api/dialer/campaigns/{campaignId}/stop', request))
  }
}

/** Start, pause, resume, stop: the button answers at once with what is under way, the state follows from the server. */
export function Steer({ campaign }: { campaign: CampaignView }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const mayRun = useMay('campaign:run')
  const mayEdit = useMay('campaign:edit')
  const steer = useMutation({
    mutationFn: (act: Act) => send(act, campaign.campaignId, campaign.version),
    onSuccess: (saved) => {
      queryClient.setQueryData(campaignQuery(saved.campaignId).queryKey, saved)
      void queryClient.invalidateQueries({ queryKey: campaignListQuery.queryKey })
    },
    onError: () => void queryClient.invalidateQueries({ queryKey: campaignQuery(campaign.campaignId).queryKey }),
  })
  const stop = (): void => void modal.confirm({
    title: t('campaign.act.stopAsk'), content: t('campaign.act.stopText'), okText: t('campaign.act.stop'), okButtonProps: { danger: true }, cancelText: t('frame.cancel'), onOk: () => { steer.mutate('stop') },
  })
  const press = (act: Act): void => (act === 'stop' ? stop() : steer.mutate(act))
  return (
    <>
      {steer.isError && <Failure error={steer.error} />}
      {mayEdit && campaign.state !== 'stopped' && campaign.state !== 'finished' && <LinkButton to="/campaigns/$campaignId/edit" params={{ campaignId: campaign.campaignId }} icon={<EditOutlined />}>{t('campaign.act.edit')}</LinkButton>}
      {mayRun && ALLOWED[campaign.state].map((act) => {
        const working = steer.isPending && steer.variables === act
        return (
          <Button key={act} danger={act === 'stop'} type={act === 'start' || act === 'resume' ? 'primary' : 'default'} disabled={steer.isPending && !working} loading={working}
            icon={act === 'pause' ? <PauseOutlined /> : act === 'stop' ? <span aria-hidden>■</span> : <CaretRightOutlined />} onClick={() => press(act)}>
            {t(working ? `campaign.act.${WORKING[act]}` : `campaign.act.${act}`)}
          </Button>
        )
      })}
    </>
  )
}
