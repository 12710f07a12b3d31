import { describe, expect, it } from 'vitest'
import type { Progress } from '../../../src/domain/prediction/prediction.ts'
import { progressIn } from '../../../src/domain/prediction/tqdm.ts'

describe('a progress bar in the logs', () => {
  it.each<[string, Progress]>([
    [' 42%|████▏     | 21/50 [00:03<00:04,  6.90it/s]', { fraction: 0.42, eta: 4 }],
    [
      'Sampling:  42%|████▏     | 21/50 [00:03<00:04,  6.90it/s]',
      { fraction: 0.42, label: 'Sampling', eta: 4 },
    ],
    ['  0%|          | 0/50 [00:00<?, ?it/s]', { fraction: 0 }],
    ['100%|██████████| 50/50 [00:07<00:00,  6.90it/s]', { fraction: 1, eta: 0 }],
    ['  2%|▏         | 1/50 [01:10<57:10, 70.01s/it]', { fraction: 0.02, eta: 3_430 }],
    [
      'Epoch 1:  10%|█         | 100/1000 [1:02:03<9:18:27, 37.23s/it, loss=0.3, v=[1, 2]]',
      { fraction: 0.1, label: 'Epoch 1', eta: 33_507 },
    ],
    [
      'model.safetensors:  43%|████▎     | 1.20G/2.80G [00:10<00:13, 120MB/s]',
      { fraction: 1.2 / 2.8, label: 'model.safetensors', eta: 13 },
    ],
    [
      'Downloading:  12%|█▏        | 900k/7.30M [00:01<00:08, 780kB/s]',
      { fraction: 0.12, label: 'Downloading', eta: 8 },
    ],
    ['50%|#####     | 1/2 [00:01<00:01,  1.00s/it]', { fraction: 0.5, eta: 1 }],
    [
      'Loading checkpoint shards:  67% 2/3 [00:02<00:01,  1.00s/it]',
      { fraction: 2 / 3, label: 'Loading checkpoint shards', eta: 1 },
    ],
    [
      'Fetching 9 files:  33%|███▎      | 3/9 [00:02<00:05,  1.11it/s]',
      { fraction: 1 / 3, label: 'Fetching 9 files', eta: 5 },
    ],
    [
      '\u001b[32mSteps\u001b[0m:  42%|\u001b[31m████ \u001b[0m| 21/50 [00:03<00:04,  6.9it/s]',
      { fraction: 0.42, label: 'Steps', eta: 4 },
    ],
    ['\u001b[A 42%|████ | 21/50 [00:03<00:04,  6.9it/s]\u001b[K', { fraction: 0.42, eta: 4 }],
    [
      '2024-05-01 12:00:00 INFO  42%|████ | 21/50 [00:03<00:04,  6.9it/s]',
      { fraction: 0.42, label: '2024-05-01 12:00:00 INFO', eta: 4 },
    ],
  ])('%j', (line, progress) => {
    expect(progressIn(`before\n${line}\nafter\n`)).toEqual(progress)
    expect(progressIn(line)).toEqual(progress)
  })

  it('has no end that is known where its total is not', () => {
    expect(progressIn('21it [00:03,  6.90it/s]')).toEqual({})
    expect(progressIn('Reading: 1.20kdocs [1:00:03,  6.90docs/s]')).toEqual({ label: 'Reading' })
    expect(progressIn('0it [00:00, ?it/s]')).toEqual({})
  })

  it('counts as it was drawn last', () => {
    const drawn = [0, 10, 20].map((done) => `\r${2 * done}%|██ | ${done}/50 [00:03<00:04, 6.9it/s]`)
    expect(progressIn(drawn.join(''))).toMatchObject({ fraction: 0.4 })
    expect(progressIn(`${drawn.join('')}\r 42%|████▏`)).toMatchObject({ fraction: 0.4 })
    expect(progressIn(`${'x'.repeat(100_000)}\n${drawn.join('')}`)).toMatchObject({ fraction: 0.4 })
  })

  it.each([
    '',
    'Loss went down by 42% in 21/50 runs',
    '42%',
    'Battery 42%|',
    '100%|██████████| 50/50',
    'array[00:03<00:04]',
    'took 21it',
    'see [1, 2, 3]',
    'tensor([21, 50]) 42%',
    'Using 3 GPUs [0, 1, 2]',
  ])('is not %j', (line) => {
    expect(progressIn(line)).toBeNull()
  })

  it('never goes past its ends', () => {
    expect(progressIn('140%|██████████| 70/50 [00:03<00:00, 6.9it/s]')?.fraction).toBe(1)
    expect(progressIn('  0%|  | 0/0 [00:03<00:00, 6.9it/s]')?.fraction).toBe(0)
  })
})
