; All symbols of TypeScript.
