import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../session/me'
import { PLACES } from './places'

/** The keys, all of them. */
export function Help({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useTranslation()
  const { can } = useMe()
  const keys: [string[], string][] = [
    [['/'], t('frame.help.search')],
    ...PLACES.filter(({ may }) => can[may] !== undefined).map(({ key, name }): [string[], string] => [['g', key], t('frame.help.go', { place: t(`frame.place.${name}`) })]),
    [['↑', '↓'], t('frame.help.move')], [['Enter'], t('frame.help.enter')], ...(can['call:dial'] === undefined ? [] : [[['d'], t('frame.help.dial')] as [string[], string]]), [['Esc'], t('frame.help.escape')], [['Ctrl', 'Enter'], t('frame.help.save')], [['?'], t('frame.help.help')],
  ]
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('frame.help.title')} width={420}>
      <dl style={{ display: 'grid', gridTemplateColumns: '110px 1fr', rowGap: 10, marginTop: 16 }}>
        {keys.map(([pressed, meaning]) => [
          <dt key={`${meaning}k`} className="row" style={{ gap: 4 }}>{pressed.map((key) => <kbd key={key}>{key}</kbd>)}</dt>,
          <dd key={meaning}>{meaning}</dd>,
        ])}
      </dl>
    </Modal>
  )
}
