import { usePaths } from '../site.ts'

type SettingsTab = 'settings' | 'collections' | 'deployments'

/** The pages of the settings. */
export function SettingsTabs({ current }: { readonly current: SettingsTab }) {
  const paths = usePaths()
  const tabs: readonly (readonly [tab: SettingsTab, name: string, href: string])[] = [
    ['settings', 'Models', paths.settings()],
    ['collections', 'Collections', paths.collectionSettings()],
    ['deployments', 'Deployments', paths.deployments()],
  ]
  return (
    <nav class='tabs' aria-label='Settings'>
      {tabs.map(([tab, name, href]) => (
        <a href={href} aria-current={tab === current ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  )
}
