/** The image that the engine of the tests has from the start; others differ from it by what they wish. */
export const standIn = 'localhost/team/echo:1'
