import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

/**
 * 中文 first, English equally complete: the two files have the same keys, which the compiler checks. Only the words of the
 * chosen language are loaded.
 */
const KEY = 'loopline.language'

export type Language = 'zh-CN' | 'en'

const LOADERS = {
  'zh-CN': async () => (await import('./zh')).zh,
  en: async () => (await import('./en')).en,
}

function preferred(): Language {
  const stored = localStorage.getItem(KEY)
  if (stored === 'zh-CN' || stored === 'en') return stored
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

/** Resolves when there are words to show. */
export async function startLanguage(): Promise<void> {
  const language = preferred()
  document.documentElement.lang = language
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await LOADERS[language]() } },
    interpolation: { escapeValue: false }, // React escapes
    returnNull: false,
    nsSeparator: false, // keys such as `campaign:start` are words of ours
  })
}

export async function setLanguage(language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) i18next.addResourceBundle(language, 'translation', await LOADERS[language]())
  localStorage.setItem(KEY, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}
