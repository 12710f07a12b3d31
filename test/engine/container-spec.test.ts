import { describe, expect, it } from 'vitest'
import { type ContainerSettings, containerSpec, specHash } from '../../src/engine/container-spec.ts'

const settings: ContainerSettings = {
  image: `sha256:${'a'.repeat(64)}`,
  gpus: [],
  memory: null,
  cpus: null,
  isOpen: false,
  isReadOnly: true,
  hasInit: false,
  environment: {},
}

function spec(
  own: Partial<ContainerSettings> = {},
  more: Partial<Parameters<typeof containerSpec>[0]> = {},
) {
  const options = {
    product: 'docker',
    reach: { network: 'models' },
    labels: { mine: 'yes' },
  } as const
  return containerSpec({ settings: { ...settings, ...own }, ...options, ...more })
}

const always = {
  PidsLimit: 4096,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  RestartPolicy: { Name: 'no' },
}

describe('the request that creates a container', () => {
  it('gives nothing of the host, and takes away what a model does not need', () => {
    expect(spec()).toEqual({
      Image: settings.image,
      Env: ['PORT=5000'],
      Labels: { mine: 'yes' },
      HostConfig: {
        ...always,
        NetworkMode: 'models',
        ShmSize: 6 * 2 ** 30,
        ReadonlyRootfs: true,
        Tmpfs: { '/tmp': '' },
        Init: true,
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      },
    })
  })

  it('publishes a port of this machine alone', () => {
    expect(spec({}, { reach: { publishAt: '127.0.0.1' } })).toMatchObject({
      ExposedPorts: { '5000/tcp': {} },
      HostConfig: { PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    })
  })

  it.each([
    [
      'memory without swap',
      { memory: 8 * 2 ** 30 },
      { Memory: 8 * 2 ** 30, MemorySwap: 8 * 2 ** 30, ShmSize: 4 * 2 ** 30 },
    ],
    ['CPUs', { cpus: 1.5 }, { NanoCpus: 1_500_000_000 }],
    [
      'GPUs',
      { gpus: ['0', 'GPU-1'] },
      {
        DeviceRequests: [{ Driver: 'nvidia', DeviceIDs: ['0', 'GPU-1'], Capabilities: [['gpu']] }],
      },
    ],
  ])('limits %s', (_, own, host) => {
    expect(spec(own)).toMatchObject({ HostConfig: { ...always, ...host } })
  })

  it('gives variables of the operator, and none of this server', () => {
    process.env.SECRET_OF_THE_SERVER = 'x'
    expect(spec({ environment: { HF_HOME: '/tmp' } }).Env).toEqual(['PORT=5000', 'HF_HOME=/tmp'])
    delete process.env.SECRET_OF_THE_SERVER
  })

  it.each([
    ['leaves out the log of Docker at Podman', {}, { product: 'podman' }, 'LogConfig'],
    ['starts no reaper beside that of the image', { hasInit: true }, {}, 'Init'],
    ['lets files be changed where that is wanted', { isReadOnly: false }, {}, 'ReadonlyRootfs'],
  ] as const)('%s', (_, own, more, member) => {
    expect(spec(own, more).HostConfig).not.toHaveProperty(member)
  })

  it('is the same for the same settings, whatever their order', () => {
    const environment = { A: '1', B: '2' }
    expect(specHash(spec({ environment }))).toBe(
      specHash(spec({ environment: { A: '1', B: '2' } })),
    )
    expect(specHash(spec({ environment }))).not.toBe(specHash(spec()))
  })
})
