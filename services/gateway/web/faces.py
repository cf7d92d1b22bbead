"""The faces that the pages serve themselves: file name, and the folder of its npm package."""

SERIF = "@fontsource-variable/source-serif-4/files"
FACES = {
    "source-serif-4-latin-wght-normal.woff2": SERIF,
    "source-serif-4-latin-wght-italic.woff2": SERIF,
    "source-serif-4-latin-ext-wght-normal.woff2": SERIF,
    "source-serif-4-latin-ext-wght-italic.woff2": SERIF,
    "noto-sans-math-latin-400-normal.woff2": "@fontsource/noto-sans-math/files",
}
