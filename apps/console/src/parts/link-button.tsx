import { createLink } from '@tanstack/react-router'
import { Button, type ButtonProps } from 'antd'

interface LinkButtonProps extends Omit<ButtonProps, 'type'> {
  /** The router's link keeps `type` for itself; hence a word of our own. */
  primary?: boolean
}

function ButtonAsLink({ primary, ...props }: LinkButtonProps) {
  return <Button type={primary ? 'primary' : 'default'} {...props} />
}

/** A link that looks like a button: one element, opened in a new tab like any link. */
export const LinkButton = createLink(ButtonAsLink)
