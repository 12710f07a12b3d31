/** How far two pictures differ, pixel by pixel, at the size in which they were compared. */
export interface PictureDifference {
  readonly width: number
  readonly height: number
  /** The part of the pixels that differ by more than the noise of a compressed picture, from 0 to 1. */
  readonly differing: number
  /** The mean difference of all pixels, each that of its most different channel, from 0 to 255. */
  readonly mean: number
}
