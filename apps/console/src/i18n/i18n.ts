import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en'
import { zh } from './zh'

/** 中文 first, English equally complete: the two files have the same keys, which the compiler checks. */
const KEY = 'loopline.language'

export type Language = 'zh-CN' | 'en'

function preferred(): Language {
  const stored = localStorage.getItem(KEY)
  if (stored === 'zh-CN' || stored === 'en') return stored
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

void i18next.use(initReactI18next).init({
  lng: preferred(),
  fallbackLng: 'en',
  resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false }, // React escapes
  returnNull: false,
})
document.documentElement.lang = preferred()

export function setLanguage(language: Language): void {
  localStorage.setItem(KEY, language)
  document.documentElement.lang = language
  void i18next.changeLanguage(language)
}
