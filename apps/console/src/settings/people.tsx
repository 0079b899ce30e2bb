import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Drawer } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Failure } from '../parts/failure'
import { Bones, Slow } from '../parts/slow'
import { scopeOf } from '@loopline/contracts/permissions'
import type { Role } from '@loopline/vocabulary/roles'
import { DeskPhone } from '../phone/desk-phone'
import { useMay } from '../session/me'
import { peopleQuery, type Person } from '../session/people'
import { useWord } from '../words/reason'
import { PersonForm } from './person-form'

/** Of admins, and looked at rarely. */
const PersonSecurity = lazy(async () => ({ default: (await import('../security/person-security')).PersonSecurity }))

/** Everybody here. */
export function People() {
  const { t } = useTranslation()
  const word = useWord()
  const [mayEdit, mayPhone] = [useMay('user:edit'), useMay('agent:phone')]
  const [phoneOf, setPhoneOf] = useState<Person | null>(null)
  const [securityOf, setSecurityOf] = useState<Person | null>(null)
  const { data, error, isPending, refetch } = useQuery(peopleQuery)
  const [edited, setEdited] = useState<Person | 'new' | null>(null)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (isPending) return <Slow><Bones /></Slow>
  return (
    <div className="stack">
      {mayEdit && <div className="row end"><Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>{t('setting.person.add')}</Button></div>}
      <div className="table-box short">
        <table className="list" aria-label={t('setting.people')}>
          <thead><tr>{(['name', 'username', 'role', 'team', 'skills'] as const).map((key) => <th key={key} scope="col">{t(`setting.person.${key}`)}</th>)}<th scope="col">{t('field.status')}</th><th scope="col"><span className="unseen">{t('frame.edit')}</span></th></tr></thead>
          <tbody>
            {data.map((person) => (
              <tr key={person.userId}>
                <td style={{ fontWeight: 550 }}>{person.name}</td><td>{person.username}</td><td>{t(`role.${person.role as 'admin'}`)}</td><td>{person.teamName ?? <span className="quiet">—</span>}</td>
                <td>{person.skills.map((skill) => word('field', skill)).join(', ')}</td><td>{person.active ? `● ${t('setting.person.active')}` : <span className="quiet">○ {t('setting.person.inactive')}</span>}</td>
                <td className="number">{mayPhone && person.active && scopeOf(person.role as Role, 'agent:self') !== null && <Button type="link" size="small" aria-label={`${t('deskPhone.title')}: ${person.name}`} onClick={() => setPhoneOf(person)}>{t('deskPhone.title')}</Button>}{mayEdit && <Button type="link" size="small" aria-label={`${t('setting.person.security')}: ${person.name}`} onClick={() => setSecurityOf(person)}>{t('setting.person.security')}</Button>}{mayEdit && <Button type="link" size="small" aria-label={`${t('frame.edit')}: ${person.name}`} onClick={() => setEdited(person)}>{t('frame.edit')}</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Drawer open={phoneOf !== null} onClose={() => setPhoneOf(null)} size={460} destroyOnHidden title={t('deskPhone.of', { name: phoneOf?.name ?? '' })}>{phoneOf && <DeskPhone agentId={phoneOf.userId} />}</Drawer>
      <Drawer open={securityOf !== null} onClose={() => setSecurityOf(null)} size={560} destroyOnHidden title={t('setting.person.securityOf', { name: securityOf?.name ?? '' })}>{securityOf && <Suspense fallback={<Bones />}><PersonSecurity userId={securityOf.userId} /></Suspense>}</Drawer>
      <Drawer open={edited !== null} onClose={() => setEdited(null)} size={420} destroyOnHidden title={t(edited === 'new' ? 'setting.person.add' : 'setting.person.edit')}>{edited !== null && <PersonForm person={edited === 'new' ? null : edited} done={() => setEdited(null)} />}</Drawer>
    </div>
  )
}
