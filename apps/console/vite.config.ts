import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The console is served by hub from `dist` under the one origin; there is no second server, also not for development.
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    sourcemap: false,
    manifest: true, // weighed by tools/console-budget
    chunkSizeWarningLimit: 900,
  },
})
