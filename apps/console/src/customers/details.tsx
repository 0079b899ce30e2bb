import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { CustomerView } from '@loopline/contracts/customer'
import { CUSTOMER_STATUSES, INTENTS, LEVELS, type CustomerStatus, type Intent, type Level } from '@loopline/vocabulary/customer'
import { LevelMark } from '../parts/state-sign'
import { useMay } from '../session/me'
import { peopleQuery } from '../session/people'
import { useFormat } from '../words/format'
import { useFieldText } from './field-value'
import { InPlaceChoice, InPlaceText } from './in-place'
import type { CustomerEdit } from './use-customer-edit'

const NOBODY = 'nobody'

/** The customer's fields, each edited where it stands. */
export function Details({ customer, edit, may }: { customer: CustomerView; edit: CustomerEdit; may: boolean }) {
  const { t } = useTranslation()
  const format = useFormat()
  const text = useFieldText()
  const mayAssign = useMay('customer:assign')
  const people = useQuery({ ...peopleQuery, enabled: mayAssign })
  const plain = (field: 'company' | 'region' | 'industry' | 'timeZone') => (
    <>
      <dt>{t(`field.${field}`)}</dt>
      <dd><InPlaceText label={t(`field.${field}`)} value={customer[field]} shown={customer[field]} may={may} save={(value) => edit.save({ [field]: value })} /></dd>
    </>
  )
  return (
    <dl className="facts">
      <dt>{t('field.level')}</dt>
      <dd><InPlaceChoice<Level> label={t('field.level')} value={customer.level} shown={<LevelMark level={customer.level} />} may={may} save={(level) => edit.save({ level })} options={LEVELS.map((value) => ({ value, label: value }))} /></dd>
      <dt>{t('field.status')}</dt>
      <dd><InPlaceChoice<CustomerStatus> label={t('field.status')} value={customer.status} shown={t(`status.${customer.status}`)} may={may} save={(status) => edit.save({ status })} options={CUSTOMER_STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))} /></dd>
      <dt>{t('field.intent')}</dt>
      <dd><InPlaceChoice<Intent> label={t('field.intent')} value={customer.intent} shown={t(`intent.${customer.intent}`)} may={may} save={(intent) => edit.save({ intent })} options={INTENTS.map((value) => ({ value, label: t(`intent.${value}`) }))} /></dd>
      <dt>{t('field.ownerId')}</dt>
      <dd>
        <InPlaceChoice<string | null> label={t('field.ownerId')} value={customer.ownerId} nothing={NOBODY} shown={text('ownerId', customer.ownerId)} may={may && mayAssign} save={(ownerId) => edit.save({ ownerId })}
          options={[{ value: NOBODY, label: t('customer.record.nobody') }, ...(people.data ?? []).filter(({ active }) => active).map(({ userId, name }) => ({ value: userId, label: name }))]} />
      </dd>
      <dt>{t('field.tags')}</dt>
      <dd><InPlaceChoice<string[]> label={t('field.tags')} mode="tags" value={customer.tags} may={may} save={(tags) => edit.save({ tags })} options={[]} shown={customer.tags.length > 0 && <span className="row wrap" style={{ gap: 4 }}>{customer.tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}</span>} /></dd>
      {plain('company')}{plain('region')}{plain('industry')}{plain('timeZone')}
      <dt>{t('field.neverCall')}</dt>
      <dd><InPlaceChoice label={t('field.neverCall')} value={customer.neverCall ? 'yes' : 'no'} shown={text('neverCall', customer.neverCall)} may={may} save={(value) => edit.save({ neverCall: value === 'yes' })} options={[{ value: 'yes', label: t('frame.yes') }, { value: 'no', label: t('frame.no') }]} /></dd>
      <dt>{t('field.lastFollowUpAt')}</dt><dd><span className="in-place fixed">{customer.lastFollowUpAt ? format.since(customer.lastFollowUpAt) : <span className="quiet">{t('frame.never')}</span>}</span></dd>
      <dt>{t('field.createdAt')}</dt><dd><span className="in-place fixed">{format.day(customer.createdAt)}</span></dd>
    </dl>
  )
}
