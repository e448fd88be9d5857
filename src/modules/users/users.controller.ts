import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, Cacheable, Id } from '../../http/index.js';
import { RegisterUser, UserPage, UserQuery, UserView } from './users.schemas.js';
import { UsersService } from './users.service.js';

@ApiTags('users')
@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  /** Registers a user. */
  @Post()
  @Answers(201, UserView, [400, 409, 413, 415, 422, 503])
  register(@Body({ schema: RegisterUser }) command: RegisterUser): Promise<UserView> {
    return this.users.register(command);
  }

  /** Users in the order of their registration. */
  @Get()
  @Cacheable('users')
  @Answers(200, UserPage, [404, 422, 503])
  list(@Query({ schema: UserQuery }) query: UserQuery): Promise<UserPage> {
    return this.users.list(query);
  }

  @Get(':id')
  @Cacheable('user', 'id')
  @Answers(200, UserView, [400, 404, 503])
  get(@Param('id', { schema: Id }) id: string): Promise<UserView> {
    return this.users.get(id);
  }
}
