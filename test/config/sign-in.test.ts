import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'

const oidc = {
  SANDPIT_AUTH: 'oidc',
  SANDPIT_OIDC_ISSUER: 'https://login.example.com/realms/work',
  SANDPIT_OIDC_CLIENT_ID: 'sandpit',
  SANDPIT_OIDC_CLIENT_SECRET: 'secret',
  SANDPIT_ALLOW: '*',
}

function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  const reading = readConfig(environment)
  return reading.ok ? [] : reading.problems
}

function configFrom(environment: Readonly<Record<string, string>>) {
  const reading = readConfig(environment)
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  return reading.config
}

const namesOf = (problems: readonly string[]) => problems.map((line) => line.split(':')[0])

describe('signing in at a provider', () => {
  it('is set up by few variables, and named by its host', () => {
    expect(configFrom(oidc).signIn).toEqual({
      kind: 'oidc',
      issuer: new URL(oidc.SANDPIT_OIDC_ISSUER),
      clientId: 'sandpit',
      clientSecret: 'secret',
      scopes: 'openid profile email',
      clientAuth: 'post',
      groupsClaim: 'groups',
      label: 'login.example.com',
    })
  })

  it('needs no issuer for GitHub', () => {
    const { SANDPIT_OIDC_ISSUER: _issuer, ...rest } = oidc
    const { signIn } = configFrom({ ...rest, SANDPIT_AUTH: 'github' })
    expect(signIn).toMatchObject({ issuer: new URL('https://github.com'), label: 'GitHub' })
  })

  it('names every variable that is missing, one in each line', () => {
    expect(namesOf(problemsOf({ SANDPIT_AUTH: 'oidc', HOST: '0.0.0.0' }))).toEqual([
      'SANDPIT_OIDC_ISSUER',
      'SANDPIT_OIDC_CLIENT_ID',
      'SANDPIT_OIDC_CLIENT_SECRET',
      'SANDPIT_ALLOW',
      'SANDPIT_URL',
    ])
    expect(namesOf(problemsOf({ SANDPIT_AUTH: 'github' }))).toEqual([
      'SANDPIT_OIDC_CLIENT_ID',
      'SANDPIT_OIDC_CLIENT_SECRET',
      'SANDPIT_ALLOW',
    ])
  })

  it('names what would be ignored without it', () => {
    const { SANDPIT_AUTH: _auth, ...rest } = oidc
    expect(namesOf(problemsOf(rest))).toEqual([
      'SANDPIT_OIDC_ISSUER',
      'SANDPIT_OIDC_CLIENT_ID',
      'SANDPIT_OIDC_CLIENT_SECRET',
      'SANDPIT_ALLOW',
    ])
  })

  it.each([
    ['SANDPIT_OIDC_ISSUER', 'login.example.com'],
    ['SANDPIT_OIDC_ISSUER', 'http://login.example.com'],
    ['SANDPIT_OIDC_CLIENT_AUTH', 'jwt'],
    ['SANDPIT_OIDC_GROUPS', 'a..b'],
    ['SANDPIT_SESSION', '8h'],
    ['SANDPIT_SESSION', '8h,1h'],
    ['SANDPIT_SESSION', '0s,1h'],
    ['SANDPIT_SESSION', '8h,401d'],
    ['SANDPIT_SESSION', '1h,2h,3h'],
    ['SANDPIT_GROUPS', 'vision'],
    ['SANDPIT_GROUPS', '=vision'],
    ['SANDPIT_GROUPS', 'a=b:owner'],
    ['SANDPIT_GROUPS', 'a=settings'],
    ['SANDPIT_GROUPS', 'a=b c'],
    ['SANDPIT_GROUPS', 'a=b:member:x'],
  ])('refuses %s=%s', (name, value) => {
    expect(namesOf(problemsOf({ ...oidc, [name]: value }))).toEqual([name])
  })

  it('takes http on this machine alone', () => {
    const SANDPIT_OIDC_ISSUER = 'http://localhost:8080/realms/work'
    expect(configFrom({ ...oidc, SANDPIT_OIDC_ISSUER }).signIn?.issuer.port).toBe('8080')
  })
})

it('reads what groups give', () => {
  const SANDPIT_GROUPS =
    '9f3c=vision,/ml/ops=ml:operator,*=viewer, cn=a%2Cou=b=lab ,a@b.example=:operator'
  expect(problemsOf({ ...oidc, SANDPIT_GROUPS })).toHaveLength(1)
  const right = SANDPIT_GROUPS.replace('=:operator', '=operator')
  expect(configFrom({ ...oidc, SANDPIT_GROUPS: right }).standing.groups).toEqual([
    { claim: '9f3c', namespace: 'vision', role: 'member' },
    { claim: '/ml/ops', namespace: 'ml', role: 'operator' },
    { claim: '*', namespace: null, role: 'viewer' },
    { claim: 'cn=a,ou=b', namespace: 'lab', role: 'member' },
    { claim: 'a@b.example', namespace: null, role: 'operator' },
  ])
})

it('reads how long sessions last', () => {
  expect(configFrom({ ...oidc, SANDPIT_SESSION: '30m, 30d' }).session).toEqual({
    idleMs: 30 * 60_000,
    totalMs: 30 * 86_400_000,
  })
})
