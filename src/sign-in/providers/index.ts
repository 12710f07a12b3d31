import type { SignInSettings } from '../../config.ts'
import { once } from '../../domain/once.ts'
import type { IdentityProvider } from './provider.ts'

/** Loads the code for the provider of the settings when it is first needed. */
export function providerLoader(
  settings: SignInSettings,
  now: () => number,
): () => Promise<IdentityProvider> {
  return once(async () => {
    if (settings.kind === 'github') {
      const { createGithubProvider } = await import('./github.ts')
      return createGithubProvider(settings, now)
    }
    const { createOidcProvider } = await import('./oidc.ts')
    return createOidcProvider(settings, now)
  })
}
