import { redirect } from '@sveltejs/kit';

// SvelteKit compares the Origin of a form with the URL of the request.
export const actions = {
  default: async ({ cookies, request, url }) => {
    cookies.set('name', (await request.formData()).get('name'), { path: '/' }); // Secure, unless the URL is http://localhost
    redirect(303, new URL('/me', url));
  },
};
