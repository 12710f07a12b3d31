import type { PropsWithChildren } from 'hono/jsx'
import { usePaths } from '../site.ts'

type SettingsTab =
  | 'settings'
  | 'upstreams'
  | 'collections'
  | 'deployments'
  | 'people'
  | 'audit'
  | 'shares'
  | 'storage'
  | 'judgements'

interface SettingsHeadProps {
  readonly current: SettingsTab
}

/** The head of every page of the settings, with the tabs of all. */
export function SettingsHead({ current, children }: PropsWithChildren<SettingsHeadProps>) {
  return (
    <>
      <header class='page-head'>
        <h1>Settings</h1>
        {children}
      </header>
      <SettingsTabs current={current} />
    </>
  )
}

function SettingsTabs({ current }: SettingsHeadProps) {
  const paths = usePaths()
  const tabs: readonly (readonly [tab: SettingsTab, name: string, href: string])[] = [
    ['settings', 'Models', paths.settings()],
    ['upstreams', 'Upstreams', paths.upstreams()],
    ['collections', 'Collections', paths.collectionSettings()],
    ['deployments', 'Deployments', paths.deployments()],
    ['people', 'People', paths.people()],
    ['audit', 'Audit', paths.audit()],
    ['shares', 'Share links', paths.shareSettings()],
    ['storage', 'Storage', paths.storage()],
    ['judgements', 'Judgements', paths.judgements()],
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
