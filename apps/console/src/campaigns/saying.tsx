import { UploadOutlined } from '@ant-design/icons'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Select, Segmented, Switch, Upload } from 'antd'
import { useTranslation } from 'react-i18next'
import { SOUND_REFUSAL_WORDS } from '@loopline/contracts/audio-refusal'
import { ApiError } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { useFormat } from '../words/format'
import type { Draft } from './campaign-draft'
import { soundAddress, soundsQuery, uploadSound } from './sounds'

interface Props {
  draft: Draft
  change: (next: Partial<Draft>) => void
}

const LANGUAGES = ['company', 'zh', 'en'] as const

/** What people hear from us that no agent says, and whether a call may go unrecorded. */
export function Saying({ draft, change }: Props) {
  const { t } = useTranslation()
  return (
    <>
      <Field id="language" label={t('campaign.say.language')} hint={t('campaign.say.languageHint')}>
        <Segmented<(typeof LANGUAGES)[number]> id="language" value={draft.language ?? 'company'} options={LANGUAGES.map((value) => ({ value, label: t(`campaign.say.languages.${value}`) }))} onChange={(value) => change({ language: value === 'company' ? null : value })} />
      </Field>
      <SoundPick id="fallback" label={t('campaign.say.fallback')} hint={t('campaign.say.fallbackHint')} audioId={draft.fallbackAudioId} pick={(fallbackAudioId) => change({ fallbackAudioId })} />
      <SoundPick id="announcement" label={t('campaign.say.announcement')} hint={t('campaign.say.announcementHint')} audioId={draft.announcementAudioId} pick={(announcementAudioId) => change({ announcementAudioId })} />
      <Field id="must-record" label={t('campaign.say.required')} hint={t('campaign.say.requiredHint')}><Switch id="must-record" checked={draft.recordingRequired} onChange={(recordingRequired) => change({ recordingRequired })} /></Field>
    </>
  )
}

/** A sound of the company's own, or the built-in one; a WAV file may be added on the spot. */
function SoundPick({ id, label, hint, audioId, pick }: { id: string; label: string; hint: string; audioId: string | null; pick: (audioId: string | null) => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { data } = useQuery(soundsQuery)
  const upload = useMutation({
    mutationFn: uploadSound,
    onSuccess: (made) => {
      queryClient.setQueryData(soundsQuery.queryKey, (old = []) => [made, ...old])
      pick(made.audioId)
    },
  })
  return (
    <Field id={id} label={label} hint={hint}>
      <div className="row wrap">
        <Select id={id} style={{ width: 260 }} value={audioId ?? ''} onChange={(value) => pick(value === '' ? null : value)}
          options={[{ value: '', label: t('campaign.say.builtIn') }, ...(data ?? []).map((sound) => ({ value: sound.audioId, label: `${sound.name} · ${format.seconds(sound.durationMs)}` }))]} />
        <Upload accept=".wav,audio/wav" multiple={false} showUploadList={false} beforeUpload={(file: File) => { upload.mutate(file); return false }}>
          <Button icon={<UploadOutlined />} loading={upload.isPending}>{t('campaign.say.upload')}</Button>
        </Upload>
        {audioId && <audio controls preload="none" src={soundAddress(audioId)} aria-label={label} style={{ height: 32 }} />}
      </div>
      {upload.isError && <Refused error={upload.error} />}
    </Field>
  )
}

function Refused({ error }: { error: Error }) {
  const { t } = useTranslation()
  const reason = error instanceof ApiError && error.code === 'AUDIO_REFUSED' ? (error.details as { reason?: string } | undefined)?.reason : undefined
  const known = SOUND_REFUSAL_WORDS.find((word) => word === reason)
  return known ? <p role="alert" className="small" style={{ color: 'var(--alarm)' }}>{t(`campaign.say.refused.${known}`)}</p> : <Failure error={error} />
}
