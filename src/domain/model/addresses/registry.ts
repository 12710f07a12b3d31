/** The user and password for a registry. */
export interface RegistryLogin {
  readonly user: string
  readonly password: string
}

/** The login in `user:password`; null for another text. */
export function registryLogin(text: string): RegistryLogin | null {
  const at = text.indexOf(':')
  const [user, password] = [text.slice(0, Math.max(0, at)), text.slice(at + 1)]
  return user === '' || password === '' ? null : { user, password }
}

/** The origin of a registry by its host: those of this machine are asked without TLS. */
export function registryOrigin(host: string): string {
  const [name = ''] = host.split(':')
  const isHere = name === 'localhost' || name.startsWith('127.')
  return `${isHere ? 'http' : 'https'}://${host}`
}
