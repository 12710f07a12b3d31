import { type Hardware, hardwareText, usualHardware } from '../../src/domain/instance/hardware.ts'

interface HardwareOptionsProps {
  /** What operators have named to run containers on. */
  readonly hardware: readonly Hardware[]
  /** The name that is chosen; empty for none. */
  readonly chosen: string
}

/** The options of a control that chooses hardware. What is chosen stays, also where it is not configured any more. */
export function HardwareOptions({ hardware, chosen }: HardwareOptionsProps) {
  const isKnown = chosen === '' || hardware.some(({ name }) => name === chosen)
  return (
    <>
      {hardware.map((one) => (
        <option value={one.name} selected={one.name === chosen}>
          {one.name}: {hardwareText(one)}
        </option>
      ))}
      {!isKnown && (
        <option value={chosen} selected>
          {chosen === usualHardware ? 'As its model' : `${chosen}: not configured`}
        </option>
      )}
    </>
  )
}
