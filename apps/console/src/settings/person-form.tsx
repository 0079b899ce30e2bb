import { useMutation } from '@tanstack/react-query'
import { App, Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ROLES } from '@loopline/vocabulary/roles'
import { answer } from '../api/answer'
import { api } from '../api/client'
import { queryClient } from '../api/queries'
import { Failure } from '../parts/failure'
import { Field } from '../parts/field'
import { peopleQuery, type Person } from '../session/people'

type PersonRole = (typeof ROLES)[number]

/** A new person with a first password, or changes of one. */
export function PersonForm({ person, done }: { person: Person | null; done: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [name, setName] = useState(person?.name ?? '')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<PersonRole>((person?.role as PersonRole | undefined) ?? 'agent')
  const [team, setTeam] = useState(person?.teamName ?? '')
  const [skills, setSkills] = useState(person?.skills ?? [])
  const [active, setActive] = useState(person?.active ?? true)
  const save = useMutation({
    mutationFn: () => {
      const fields = { name: name.trim(), role, teamName: team.trim() || null, skills }
      return person ? answer(api.PUT('/api/hub/users/{userId}', { params: { path: { userId: person.userId } }, body: { ...fields, version: person.version, active } })) : answer(api.POST('/api/hub/users', { body: { ...fields, username: username.trim(), password } }))
    },
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: peopleQuery.queryKey })
      void message.success(t('setting.person.saved'))
      done()
    },
  })
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); save.mutate() }}>
      <Field id="person-name" label={t('setting.person.name')} required><Input id="person-name" required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} /></Field>
      {!person && <Field id="person-username" label={t('setting.person.username')} required><Input id="person-username" required pattern="[a-zA-Z0-9_.]{2,64}" autoComplete="off" value={username} onChange={(event) => setUsername(event.target.value)} /></Field>}
      {!person && <Field id="person-password" label={t('setting.person.password')} hint={t('setting.password.short')} required><Input.Password id="person-password" required minLength={10} autoComplete="new-password" value={password} onChange={(event) => setPassword(event.target.value)} /></Field>}
      <Field id="person-role" label={t('setting.person.role')}><Select<PersonRole> id="person-role" style={{ width: '100%' }} value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} /></Field>
      <Field id="person-team" label={t('setting.person.team')}><Input id="person-team" maxLength={100} value={team} onChange={(event) => setTeam(event.target.value)} /></Field>
      <Field id="person-skills" label={t('setting.person.skills')} hint={t('setting.person.skillsHint')}><Select<string[]> id="person-skills" mode="tags" style={{ width: '100%' }} value={skills} onChange={setSkills} options={[{ value: 'senior', label: 'senior' }]} /></Field>
      {person && <Checkbox checked={active} onChange={(event) => setActive(event.target.checked)}>{t('setting.person.activeLabel')}</Checkbox>}
      {save.isError && <Failure error={save.error} />}
      <div className="row end"><Button onClick={done}>{t('frame.cancel')}</Button><Button type="primary" htmlType="submit" loading={save.isPending}>{t('frame.save')}</Button></div>
    </form>
  )
}
