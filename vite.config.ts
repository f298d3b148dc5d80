import { defineConfig } from 'vite';

/** Builds the staff app into `dist/web`, everything self-hosted: a store may have no way out to the internet. */
export default defineConfig({
  root: 'src/web',
  base: '/',
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    sourcemap: false,
    target: 'es2022',
    assetsInlineLimit: 0,
    // The codec's modules only make tables: those that the app does not ask for stay out of it.
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /[\\/]src[\\/]tags[\\/]/, sideEffects: false }] },
    },
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
});
