export const load = ({ getClientAddress }) => ({ address: getClientAddress() });
