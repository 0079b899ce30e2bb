import { createLink } from '@tanstack/react-router'
import { Button } from 'antd'

/** A link that looks like a button: one element, opened in a new tab like any link. */
export const LinkButton = createLink(Button)
