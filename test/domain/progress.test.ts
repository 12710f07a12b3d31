import { describe, expect, it } from 'vitest'
import { progressIn } from '../../src/domain/progress.ts'

describe('the progress in a log', () => {
  it.each([
    ['', null],
    ['Using seed: 42\nloading 50% of it\n', null],
    [' 42%|████▏     | 21/50 [00:03<00:04,  6.90it/s]', { fraction: 0.42, eta: 4 }],
    ['a\r  0%|          | 0/50 [00:00<?, ?it/s]', { fraction: 0 }],
    [
      'denoising:  50%|█████     | 1/2 [01:00<1:01:05, 2s/it]',
      { fraction: 0.5, label: 'denoising', eta: 3665 },
    ],
    [
      '50%|#####     | 1/2 [00:01<00:01]\n100%|##########| 2/2 [00:02<00:00]\n',
      { fraction: 1, eta: 0 },
    ],
    [
      'Downloading: 12%|█▏        | 1.2M/9.9M [00:01<00:08, 1.1MB/s]',
      { fraction: 0.12, label: 'Downloading', eta: 8 },
    ],
    ['999%|x| 9/0 [', { fraction: 1 }],
  ])('%j', (logs, progress) => {
    expect(progressIn(logs)).toEqual(progress)
  })

  it('is found in a long log without looking at all of it', () => {
    const line = `${' '.repeat(200)}|`.repeat(20_000)
    expect(progressIn(`${line}\n 10%|█         | 1/10 [00:01<00:09]`)).toMatchObject({
      fraction: 0.1,
    })
  })
})
