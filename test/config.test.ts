import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Config, readConfig } from '../src/config.ts'
import { hardwareText } from '../src/domain/instance/hardware.ts'

type Environment = Readonly<Record<string, string>>

function configFrom(environment: Environment): Config {
  const reading = readConfig(environment)
  if (!reading.ok) throw new Error(reading.problems.join('\n'))
  return reading.config
}

function problemsOf(environment: Environment): readonly string[] {
  const reading = readConfig(environment)
  return reading.ok ? [] : reading.problems
}

describe('an environment that says nothing', () => {
  it('serves this machine alone, which is the operator', () => {
    expect(configFrom({ PATH: '/usr/bin' })).toEqual({
      port: 3000,
      host: '127.0.0.1',
      databaseUrl: null,
      s3: null,
      data: resolve('data'),
      url: null,
      callbackUrl: null,
      base: '',
      hosts: [],
      trustProxy: false,
      secret: null,
      models: [],
      auth: { kind: 'unset' },
      localOperator: true,
      signIn: null,
      standing: { allow: [], groups: [], operators: [] },
      predictions: 'public',
      retention: { days: null, keep: [] },
      shares: 'anyone',
      judges: 'everyone',
      session: { idleMs: 8 * 3_600_000, totalMs: 7 * 86_400_000 },
      apiTokens: [],
      apiFiles: 'auto',
      rate: { creations: 6_000, others: 30_000 },
      quota: null,
      replicate: { token: null, url: new URL('https://api.replicate.com/v1') },
      cogModels: [],
      engines: [],
      engineCerts: null,
      engineNetwork: null,
      gpus: new Map(),
      hardware: [],
      registries: [],
      keepsContainers: true,
      imagesMax: null,
      gradioModels: [],
      openAi: { models: [], keys: new Map() },
      maxUpload: 2 ** 30,
      maxQueue: 1_000,
      mostRows: 10_000,
      mostCells: 100,
      embedOrigins: [],
      runTimeoutMs: 30 * 60_000,
      auditMs: 180 * 24 * 60 * 60_000,
      pollMs: null,
      outboundAllow: [],
      logLevel: 'info',
    })
  })

  it('is the same when all its variables are empty', () => {
    const empty = { HOST: '', PORT: '', SANDPIT_URL: '', SANDPIT_AUTH: '', SANDPIT_LOCAL: '' }
    expect(configFrom(empty)).toEqual(configFrom({}))
  })
})

describe('HOST', () => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('%s needs no sign-in', (HOST) => {
    expect(configFrom({ HOST }).host).toBe(HOST)
  })

  it.each(['0.0.0.0', '::', '192.168.1.5', 'gpu-box', '127.999.999.999', '127.0.0.1.example.com'])(
    '%s is refused while SANDPIT_AUTH is not set',
    (HOST) => {
      const problems = problemsOf({ HOST })
      expect(problems).toHaveLength(1)
      expect(problems[0]).toMatch(/^HOST: .* can be reached from other machines, and SANDPIT_AUTH/)
      expect(problemsOf({ HOST, SANDPIT_AUTH: 'none' })).toEqual([])
    },
  )
})

describe('SANDPIT_ENGINE', () => {
  it.each([
    ['unix:///run/podman.sock', [{ name: 'local', url: 'unix:///run/podman.sock' }]],
    [
      'a=unix:///a.sock;gpu-2=tcp://gpu-2:2376',
      [
        { name: 'a', url: 'unix:///a.sock' },
        { name: 'gpu-2', url: 'tcp://gpu-2:2376' },
      ],
    ],
  ])('names engines: %s', (SANDPIT_ENGINE, engines) => {
    expect(configFrom({ SANDPIT_ENGINE }).engines).toEqual(engines)
  })

  it.each(['/run/podman.sock', 'tcp://gpu-2', 'unix:///a.sock;unix:///b.sock'])(
    'is refused: %s',
    (SANDPIT_ENGINE) => expect(problemsOf({ SANDPIT_ENGINE })[0]).toMatch(/^SANDPIT_ENGINE: /),
  )

  it('comes with GPUs and logins', () => {
    const read = configFrom({
      SANDPIT_GPUS: 'a=0:46GB,1;b=GPU-7',
      SANDPIT_REGISTRIES: 'ghcr.io=ann:k:y',
    })
    expect([...read.gpus]).toEqual([
      [
        'a',
        [
          { id: '0', bytes: 46 * 2 ** 30 },
          { id: '1', bytes: null },
        ],
      ],
      ['b', [{ id: 'GPU-7', bytes: null }]],
    ])
    expect(read.registries).toEqual([{ host: 'ghcr.io', user: 'ann', password: 'k:y' }])
    expect(problemsOf({ SANDPIT_REGISTRIES: 'ghcr.io' })).toHaveLength(1)
    for (const wrong of ['a=', '0:much', '0,,:1GB'])
      expect(problemsOf({ SANDPIT_GPUS: wrong }), wrong).toHaveLength(1)
  })

  it('comes with hardware by name', () => {
    const read = configFrom({
      SANDPIT_ENGINE: 'gpu-2=unix:///a.sock',
      SANDPIT_HARDWARE: 'large=gpus:1,memory:64GB,engine:gpu-2; small=gpu-memory:12GB;cpu=cpus:0.5',
    })
    const none = { engine: null, gpus: 0, gpuBytes: null, memory: null, cpus: null }
    expect(read.hardware).toEqual([
      { ...none, name: 'large', engine: 'gpu-2', gpus: 1, memory: 64 * 2 ** 30 },
      { ...none, name: 'small', gpuBytes: 12 * 2 ** 30 },
      { ...none, name: 'cpu', cpus: 0.5 },
    ])
    expect(read.hardware.map(hardwareText)).toEqual([
      '1 GPU, 64 GB, at gpu-2',
      '12 GB of a GPU',
      '0.5 CPUs',
    ])
  })

  it.each([
    'cpu',
    'cpu=',
    'cpu=cores:4',
    'cpu=cpus:many',
    'cpu=memory:much',
    'a=gpus:1,gpu-memory:1GB',
    'a=cpus:1;a=cpus:2',
    'a=cpus:1,engine:gone',
  ])('refuses hardware such as %s', (SANDPIT_HARDWARE) => {
    expect(problemsOf({ SANDPIT_HARDWARE })[0]).toMatch(/^SANDPIT_HARDWARE: /)
  })
})

describe('DATABASE_URL', () => {
  const DATABASE_URL = 'postgres://sandpit:secret@db.internal:5432/sandpit'

  it('needs a key that all replicas share', () => {
    const SANDPIT_SECRET = '0123456789abcdef'
    expect(configFrom({ DATABASE_URL, SANDPIT_SECRET }).databaseUrl).toBe(DATABASE_URL)
    expect(problemsOf({ DATABASE_URL })).toEqual([
      expect.stringMatching(/^SANDPIT_SECRET: must be/),
    ])
  })

  it('names a PostgreSQL database', () => {
    const wrong = { DATABASE_URL: 'mysql://db.internal/sandpit', SANDPIT_SECRET: 'x'.repeat(16) }
    expect(problemsOf(wrong)).toEqual(['DATABASE_URL: must be a postgres:// URL'])
  })
})

describe('S3_BUCKET', () => {
  it('keeps files in a bucket of AWS, or of another service', () => {
    expect(configFrom({ S3_BUCKET: 'files', S3_REGION: 'eu-west-1' }).s3).toEqual({
      bucket: 'files',
      endpoint: null,
      region: 'eu-west-1',
      prefix: '',
    })
    const other = { S3_ENDPOINT: 'http://s3.internal:9000', S3_PREFIX: 'sandpit/' }
    expect(configFrom({ S3_BUCKET: 'files', ...other }).s3).toEqual({
      bucket: 'files',
      endpoint: new URL('http://s3.internal:9000'),
      region: 'us-east-1',
      prefix: 'sandpit/',
    })
  })

  it('is needed by what says where it is', () => {
    const alone = { S3_ENDPOINT: 'http://s3.internal:9000' }
    expect(problemsOf(alone)).toEqual(['S3_ENDPOINT: set S3_BUCKET, too'])
    expect(problemsOf({ S3_BUCKET: 'files', S3_PREFIX: '/above' })).toHaveLength(1)
  })
})

describe('SANDPIT_QUOTA', () => {
  it('limits members', () => {
    const { quota } = configFrom({ SANDPIT_QUOTA: 'member=running:2,day:50,time:2h' })
    expect(quota).toEqual({
      running: 2,
      waiting: null,
      perMinute: null,
      perDay: 50,
      secondsPerDay: 7_200,
    })
  })

  it.each([
    ['day:50', /must begin with member=/],
    ['operator=day:50', /must begin with member=/],
    ['member=', /must be one of running:2/],
    ['member=day:many', /day must be a whole number from 1, or off/],
  ])('%s is refused', (text, problem) => {
    expect(problemsOf({ SANDPIT_QUOTA: text })).toEqual([expect.stringMatching(problem)])
  })
})

describe('SANDPIT_AUTH', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['basic:ann:a:b c', { kind: 'basic', user: 'ann', password: 'a:b c' }],
    ['header:X-Forwarded-User', { kind: 'header', name: 'x-forwarded-user' }],
  ])('%s is read', (SANDPIT_AUTH, auth) => {
    expect(configFrom({ SANDPIT_AUTH }).auth).toEqual(auth)
  })

  it.each([
    'off',
    'None',
    'basic',
    'basic:ann',
    'basic:ann:',
    'basic::word',
    'header:',
    'header:a b',
  ])('%s is refused, and what it said is not repeated', (SANDPIT_AUTH) => {
    expect(problemsOf({ SANDPIT_AUTH })).toEqual([
      'SANDPIT_AUTH: must be none, oidc, github, basic:USER:PASSWORD or header:NAME',
    ])
  })
})

describe('addresses', () => {
  it('give the path we are served under, and are where upstreams report', () => {
    const { base, url, callbackUrl } = configFrom({ SANDPIT_URL: 'https://ml.example.com/pit/' })
    expect(base).toBe('/pit')
    expect(callbackUrl).toEqual(url)
    const SANDPIT_CALLBACK_URL = 'http://sandpit:3000'
    expect(configFrom({ SANDPIT_CALLBACK_URL }).callbackUrl?.host).toBe('sandpit:3000')
  })

  it.each(['SANDPIT_URL', 'SANDPIT_CALLBACK_URL', 'REPLICATE_API_URL'])(
    '%s must be of the web',
    (name) => {
      for (const value of ['ml.example.com', 'ftp://ml.example.com', 'http://', 'javascript:1'])
        expect(problemsOf({ [name]: value })[0], value).toContain(`${name}: `)
    },
  )

  it('of hosts are kept as requests write them', () => {
    const SANDPIT_HOSTS = 'GPU-Box:3000, bücher.example., [2001:DB8::1],10.0.0.5'
    const hosts = ['gpu-box', 'xn--bcher-kva.example', '[2001:db8::1]', '10.0.0.5']
    expect(configFrom({ SANDPIT_HOSTS }).hosts).toEqual(hosts)
  })

  it.each(['http://gpu-box', 'a b', 'gpu/box', 'ann@gpu-box', '2001:db8::1'])(
    '%s is no host',
    (SANDPIT_HOSTS) => {
      expect(problemsOf({ SANDPIT_HOSTS })).toEqual([
        `SANDPIT_HOSTS: ${SANDPIT_HOSTS} must be the name of a host`,
      ])
    },
  )
})

describe('a list', () => {
  it('leaves out what is empty, and names are of one spelling', () => {
    const { standing, apiTokens } = configFrom({
      SANDPIT_OPERATORS: ' ann ,, Jose\u0301',
      SANDPIT_API_TOKENS: 'one,two,',
    })
    expect(standing.operators).toEqual(['ann', 'Jos\u00e9'])
    expect(apiTokens).toEqual(['one', 'two'])
  })
})

describe('a variable that is not one of ours', () => {
  it.each([
    ['SANDPIT_URLL', 'SANDPIT_URL'],
    ['SANDPIT_AUHT', 'SANDPIT_AUTH'],
    ['SANDPIT_OPERATOR', 'SANDPIT_OPERATORS'],
    ['SANDPIT_TOKENS', 'SANDPIT_API_TOKENS'],
    ['SANDPIT_TIMEOUT', 'SANDPIT_RUN_TIMEOUT'],
    ['SANDPIT_MAX_UPLOADS', 'SANDPIT_MAX_UPLOAD'],
    ['SANDPIT_PROXY', 'SANDPIT_TRUST_PROXY'],
    ['SANDPIT_LOG_LEVEL', 'LOG_LEVEL'],
    ['SANDPIT_PORT', 'PORT'],
    ['SANDPIT_HOST', 'HOST or SANDPIT_HOSTS'],
    ['sandpit_data', 'SANDPIT_DATA'],
  ])('%s is refused with %s', (name, nearest) => {
    expect(problemsOf({ [name]: '1', PORT: 'x' })).toEqual([
      `${name} is not a setting. Did you mean ${nearest}?`,
      'PORT: must be a whole number from 0 to 65535',
    ])
  })

  it('is let be where it is another’s: of clients, or of whatever runs containers', () => {
    expect(
      problemsOf({
        SANDPIT_TOKEN: 'a-token',
        SANDPIT_SERVICE_HOST: '10.0.0.1',
        SANDPIT_SERVICE_PORT: '80',
        SANDPIT_SERVICE_PORT_HTTP: '80',
        SANDPIT_PORT: 'tcp://10.0.0.1:80',
        SANDPIT_PORT_80_TCP: 'tcp://10.0.0.1:80',
        SANDPIT_PORT_80_TCP_PROTO: 'tcp',
        SANDPIT_WEB_PORT_80_TCP_ADDR: '10.0.0.1',
        MY_SANDPIT_URL: 'x',
      }),
    ).toEqual([])
  })
})
